"""The services, each with its own database: what a report walks through, and the gateway that people reach them by."""
