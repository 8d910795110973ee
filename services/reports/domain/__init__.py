"""Reports as the field knows them: no framework but `shared.domain`."""
