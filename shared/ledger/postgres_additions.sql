-- What came after postgres.sql, in a form that may run again: `qorgan install` runs it on new databases and on those that are there.

CREATE OR REPLACE FUNCTION ledger.keep_tile(p_tenant uuid, p_log text, p_level int, p_index bigint, p_root bytea, p_hashes bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    INSERT INTO ledger.tiles (tenant, log, level, index, root, hashes) VALUES (p_tenant, p_log, p_level, p_index, p_root, p_hashes)
    ON CONFLICT DO NOTHING;
END $$;

REVOKE ALL ON FUNCTION ledger.keep_tile FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.keep_tile TO {service};
GRANT SELECT ON ledger.tiles TO {service};
