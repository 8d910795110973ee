"""What routes take and give, as OpenAPI shows it. Services check what comes in; nothing here is enforced twice."""
