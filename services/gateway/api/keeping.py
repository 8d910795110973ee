"""Routes of retention: alike for each service that keeps matters."""

from __future__ import annotations

from services.gateway.api.routes import Route, command, question
from services.gateway.schemas import keeping as schemas


def routes_of(service: str) -> tuple[Route, ...]:
    """What is due, asking, approving, holding, under the service's name."""
    at = f"/{service}"
    return (
        question(
            f"{at}/destructions",
            f"{service}.destructions_of_{service}",
            "What is due for destruction, held, or asked for",
            schemas.Destructions,
        ),
        command(
            f"{at}/destructions",
            f"{service}.request_destruction",
            "Ask that a matter be destroyed",
            schemas.RequestDestruction,
            answer=schemas.DestructionChanged,
        ),
        command(
            f"{at}/destructions/{{erasure}}/approval",
            f"{service}.approve_destruction",
            "Agree, as another person",
            answer=schemas.DestructionChanged,
        ),
        command(
            f"{at}/holds", f"{service}.place_hold", "Hold a matter", schemas.HoldMatter, answer=schemas.HoldChanged
        ),
        command(
            f"{at}/holds/lifting",
            f"{service}.lift_hold",
            "Hold it no longer",
            schemas.HoldMatter,
            answer=schemas.HoldChanged,
        ),
    )
