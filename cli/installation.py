"""The first steps of an installation, before anybody can sign in: a department and its administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cli.house import House
from services.accounts import commands
from services.accounts.domain.values import Language, Role
from shared.domain import Actor, Command
from shared.ids import derived_id, new_id

INSTALLER = Actor(id="system:install")


def found_department(house: House, name: str, login: str, password: str) -> dict[str, Any]:
    """Registers a department with an administrator who signs in with `login`; gives both ids.

    The administrator makes accounts for schools, agencies and people, and never sees a case.
    """
    department, base = new_id(), new_id()
    execute = house.services["accounts"].application.execute

    def ask(kind: type[Command], **fields: Any) -> dict[str, Any]:
        command_id = derived_id(base, kind.__name__)
        command = kind(tenant=department, by=INSTALLER, command_id=command_id, **fields)
        return execute(command).body

    ask(commands.RegisterDepartment, name=name)
    administrator = ask(commands.RegisterPerson, home=department, name=login, language=Language.KAZAKH, login=login)
    person = UUID(administrator["person"])
    ask(commands.SetPassword, person=person, home=department, password=password)
    ask(commands.AssignRole, person=person, home=department, at=department, role=Role.ADMINISTRATOR)
    return {"department": str(department), "administrator": str(person), "login": login}
