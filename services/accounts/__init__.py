"""Who is who: tenants, people, roles, sign-in, tokens and audit engagements."""
