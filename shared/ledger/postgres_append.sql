-- Several appends in one transaction, each with an outcome of its own; event, key and request arrays lie end to end.
CREATE OR REPLACE FUNCTION ledger.append_many(
    p_event_counts int[], p_key_counts int[], p_tenants uuid[], p_logs text[], p_incarnations uuid[],
    p_streams uuid[], p_versions bigint[], p_topics text[], p_actors text[], p_payloads bytea[], p_commitments bytea[],
    p_happened_at bigint[], p_public_types text[], p_public_bodies text[],
    p_causes uuid[], p_correlations uuid[],
    p_key_streams uuid[], p_wrapped_keys bytea[],
    p_commands uuid[], p_answers bytea[],
    p_inbox_sources text[], p_inbox_numbers bigint[], p_inbox_hashes bytea[], p_inbox_incarnations uuid[], p_inbox_outcomes text[]
) RETURNS TABLE (status text, answer bytea, last_position bigint, stamped_at bigint, last_public bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r int;
    e int := 1;
    f int;
    k int := 1;
    m int;
BEGIN
    FOR r IN 1 .. array_length(p_tenants, 1) LOOP
        f := e + p_event_counts[r] - 1;
        m := k + p_key_counts[r] - 1;
        SELECT a.status, a.answer, a.last_position, a.stamped_at, a.last_public
        INTO status, answer, last_position, stamped_at, last_public
        FROM ledger.append(
            p_tenants[r], p_logs[r], p_incarnations[r],
            p_streams[e:f], p_versions[e:f], p_topics[e:f], p_actors[e:f], p_payloads[e:f], p_commitments[e:f],
            p_happened_at[e:f], p_public_types[e:f], p_public_bodies[e:f], p_causes[r], p_correlations[r],
            p_key_streams[k:m], p_wrapped_keys[k:m], p_commands[r], p_answers[r],
            p_inbox_sources[r], p_inbox_numbers[r], p_inbox_hashes[r], p_inbox_incarnations[r], p_inbox_outcomes[r]) AS a;
        RETURN NEXT;
        e := f + 1;
        k := m + 1;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION ledger.append_many FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.append_many TO {service};
