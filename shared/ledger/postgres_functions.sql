-- The functions of a ledger on PostgreSQL; run again by every installation, on databases that are there too. {service}, {relay} and
-- {clock} are role names. `ledger.append` does the whole of an append in one statement; its leaf is that of shared/ledger/leaf.py,
-- byte for byte.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; -- of what a migration adds, too

-- Its body is bound to its names when it is made, and needs no search_path: so it is inlined into every policy, which halves the
-- work of an append.
CREATE OR REPLACE FUNCTION ledger.current_tenant() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(pg_catalog.current_setting('qorgan.tenant', true), '')::pg_catalog.uuid;

CREATE OR REPLACE FUNCTION ledger.length_prefixed(data bytea) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT int4send(octet_length(data)) || data $$;

CREATE OR REPLACE FUNCTION ledger.leaf_hash(
    p_log text, p_tenant uuid, p_position bigint, p_stream uuid, p_version bigint, p_topic text, p_actor text, p_recorded_at bigint,
    p_cause uuid, p_correlation uuid, p_payload bytea, p_commitment bytea
) RETURNS bytea LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    log bytea := convert_to(p_log, 'UTF8');
    topic bytea := convert_to(p_topic, 'UTF8');
    actor bytea := convert_to(p_actor, 'UTF8');
    nobody constant bytea := '\x00000000000000000000000000000000';
BEGIN
    RETURN sha256(
        '\x0001'::bytea || int4send(octet_length(log)) || log || uuid_send(p_tenant) || int8send(p_position) || uuid_send(p_stream)
        || int8send(p_version) || int4send(octet_length(topic)) || topic || int4send(octet_length(actor)) || actor
        || int8send(p_recorded_at) || coalesce(uuid_send(p_cause), nobody) || coalesce(uuid_send(p_correlation), nobody)
        || sha256(p_payload) || p_commitment);
END $$;

CREATE OR REPLACE FUNCTION ledger.edge_with(p_size bigint, p_edge bytea, p_leaf bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    node bytea := p_leaf;
    size bigint := p_size;
    kept int := octet_length(p_edge);
BEGIN
    WHILE size & 1 = 1 LOOP
        kept := kept - 32;
        node := sha256('\x01'::bytea || substring(p_edge FROM kept + 1 FOR 32) || node);
        size := size >> 1;
    END LOOP;
    RETURN substring(p_edge FROM 1 FOR kept) || node;
END $$;

CREATE OR REPLACE FUNCTION ledger.append(
    p_tenant uuid, p_log text, p_incarnation uuid,
    p_streams uuid[], p_versions bigint[], p_topics text[], p_actors text[], p_payloads bytea[], p_commitments bytea[],
    p_happened_at bigint[], p_public_types text[], p_public_bodies text[],
    p_cause uuid, p_correlation uuid,
    p_key_streams uuid[], p_wrapped_keys bytea[],
    p_command uuid, p_answer bytea,
    p_inbox_source text, p_inbox_number bigint, p_inbox_hash bytea, p_inbox_incarnation uuid, p_inbox_outcome text,
    OUT status text, OUT answer bytea, OUT last_position bigint, OUT stamped_at bigint, OUT last_public bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head ledger.heads%ROWTYPE;
    lane messages.lanes%ROWTYPE;
    i int;
    j int;
    found_version bigint;
    leaf bytea;
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    SELECT * INTO head FROM ledger.heads h WHERE h.tenant = p_tenant AND h.log = p_log FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO ledger.heads (tenant, log, size, edge, recorded_at, public_number, incarnation)
        VALUES (p_tenant, p_log, 0, '', 0, 0, p_incarnation) ON CONFLICT DO NOTHING;
        SELECT * INTO head FROM ledger.heads h WHERE h.tenant = p_tenant AND h.log = p_log FOR UPDATE;
    END IF;
    last_position := head.size;

    IF p_command IS NOT NULL THEN
        SELECT c.answer, c.position INTO answer, last_position FROM messages.commands_done c
        WHERE c.tenant = p_tenant AND c.command = p_command;
        IF FOUND THEN status := 'repeated'; RETURN; END IF;
        last_position := head.size;
    END IF;

    IF p_inbox_source IS NOT NULL THEN
        SELECT * INTO lane FROM messages.lanes l WHERE l.tenant = p_tenant AND l.source = p_inbox_source FOR UPDATE;
        IF coalesce(lane.number, 0) >= p_inbox_number THEN status := 'duplicate'; RETURN; END IF;
        IF coalesce(lane.number, 0) + 1 <> p_inbox_number THEN status := 'gap'; RETURN; END IF;
    END IF;

    FOR i IN 1 .. coalesce(array_length(p_streams, 1), 0) LOOP
        found_version := NULL;
        FOR j IN REVERSE i - 1 .. 1 LOOP
            IF p_streams[j] = p_streams[i] THEN found_version := p_versions[j]; EXIT; END IF;
        END LOOP;
        IF found_version IS NULL THEN
            SELECT coalesce(max(e.version), 0) INTO found_version FROM ledger.events e
            WHERE e.tenant = p_tenant AND e.log = p_log AND e.stream = p_streams[i];
        END IF;
        IF found_version + 1 <> p_versions[i] THEN status := 'conflict'; RETURN; END IF;
    END LOOP;

    stamped_at := greatest(head.recorded_at, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    FOR i IN 1 .. coalesce(array_length(p_streams, 1), 0) LOOP
        leaf := ledger.leaf_hash(p_log, p_tenant, head.size + 1, p_streams[i], p_versions[i], p_topics[i], p_actors[i], stamped_at,
                                 p_cause, p_correlation, p_payloads[i], p_commitments[i]);
        head.edge := ledger.edge_with(head.size, head.edge, leaf);
        head.size := head.size + 1;
        INSERT INTO ledger.events (tenant, log, position, stream, version, topic, actor, recorded_at, cause, correlation,
                                   payload, key_commitment, leaf_version, leaf_hash)
        VALUES (p_tenant, p_log, head.size, p_streams[i], p_versions[i], p_topics[i], p_actors[i], stamped_at, p_cause, p_correlation,
                p_payloads[i], p_commitments[i], 1, leaf);
        IF p_public_types[i] IS NOT NULL THEN
            head.public_number := head.public_number + 1;
            INSERT INTO ledger.public_events (tenant, number, position, type, body, happened_at, recorded_at, cause, correlation, hash,
                                              incarnation)
            VALUES (p_tenant, head.public_number, head.size, p_public_types[i], p_public_bodies[i], p_happened_at[i], stamped_at,
                    p_cause, p_correlation, leaf, head.incarnation);
        END IF;
    END LOOP;

    IF cardinality(p_key_streams) > 0 THEN
        INSERT INTO ledger.stream_keys (tenant, stream, wrapped)
        SELECT p_tenant, k.stream, k.wrapped FROM unnest(p_key_streams, p_wrapped_keys) AS k (stream, wrapped);
    END IF;
    IF p_command IS NOT NULL THEN
        INSERT INTO messages.commands_done (tenant, command, answer, position) VALUES (p_tenant, p_command, p_answer, head.size);
    END IF;
    IF p_inbox_source IS NOT NULL THEN
        INSERT INTO messages.inbox (tenant, source, number, hash, outcome)
        VALUES (p_tenant, p_inbox_source, p_inbox_number, p_inbox_hash, p_inbox_outcome);
        INSERT INTO messages.lanes AS l (tenant, source, number, incarnation)
        VALUES (p_tenant, p_inbox_source, p_inbox_number, p_inbox_incarnation)
        ON CONFLICT (tenant, source) DO UPDATE SET number = p_inbox_number, incarnation = p_inbox_incarnation;
    END IF;
    UPDATE ledger.heads h SET size = head.size, edge = head.edge, recorded_at = stamped_at, public_number = head.public_number
    WHERE h.tenant = p_tenant AND h.log = p_log;
    status := 'done';
    last_position := head.size;
    last_public := head.public_number;
    answer := p_answer;
END $$;

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

CREATE OR REPLACE FUNCTION ledger.keep_key(p_tenant uuid, p_stream uuid, p_wrapped bytea, OUT wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    INSERT INTO ledger.stream_keys (tenant, stream, wrapped) VALUES (p_tenant, p_stream, p_wrapped) ON CONFLICT DO NOTHING;
    SELECT k.wrapped INTO wrapped FROM ledger.stream_keys k WHERE k.tenant = p_tenant AND k.stream = p_stream;
END $$;

CREATE OR REPLACE FUNCTION ledger.keep_checkpoint(p_tenant uuid, p_log text, p_size bigint, p_edge bytea, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    INSERT INTO ledger.checkpoints (tenant, log, size, edge, note) VALUES (p_tenant, p_log, p_size, p_edge, p_note)
    ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.current_tenant TO {service}, {relay}, {clock};
GRANT EXECUTE ON FUNCTION ledger.append, ledger.append_many, ledger.keep_key, ledger.keep_checkpoint, ledger.leaf_hash, ledger.edge_with,
    ledger.length_prefixed TO {service};
