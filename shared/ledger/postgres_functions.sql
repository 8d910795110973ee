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
    ignored text; -- what is assigned is called without a query around it, which costs less
    key_floor int;
BEGIN
    ignored := set_config('qorgan.tenant', p_tenant::text, true);
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

    -- A key that a process wrapped by a generation which is being replaced would be lost with it (shared/ledger/key_rows.py).
    IF cardinality(p_key_streams) > 0 THEN
        ignored := pg_advisory_xact_lock_shared(hashtextextended(p_tenant::text, 0))::text;
        SELECT f.generation INTO key_floor FROM ledger.key_floors f WHERE f.tenant = p_tenant;
        IF FOUND THEN
            FOR i IN 1 .. cardinality(p_wrapped_keys) LOOP
                IF substring(p_wrapped_keys[i] FROM 1 FOR 4) < int4send(key_floor) THEN
                    status := 'stale_key';
                    RETURN;
                END IF;
            END LOOP;
        END IF;
    END IF;

    IF p_inbox_source IS NOT NULL THEN -- the head's lock guards the tenant's lanes, too
        SELECT * INTO lane FROM messages.lanes l WHERE l.tenant = p_tenant AND l.source = p_inbox_source;
        IF coalesce(lane.number, 0) >= p_inbox_number THEN status := 'duplicate'; RETURN; END IF;
        IF coalesce(lane.number, 0) + 1 <> p_inbox_number THEN status := 'gap'; RETURN; END IF;
    END IF;

    FOR i IN 1 .. coalesce(array_length(p_streams, 1), 0) LOOP
        found_version := NULL;
        FOR j IN REVERSE i - 1 .. 1 LOOP
            IF p_streams[j] = p_streams[i] THEN found_version := p_versions[j]; EXIT; END IF;
        END LOOP;
        IF found_version IS NULL THEN
            SELECT e.version INTO found_version FROM ledger.events e
            WHERE e.tenant = p_tenant AND e.log = p_log AND e.stream = p_streams[i] ORDER BY e.version DESC LIMIT 1;
        END IF;
        IF coalesce(found_version, 0) + 1 <> p_versions[i] THEN status := 'conflict'; RETURN; END IF;
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

    FOR i IN 1 .. coalesce(cardinality(p_key_streams), 0) LOOP
        INSERT INTO ledger.stream_keys (tenant, stream, wrapped) VALUES (p_tenant, p_key_streams[i], p_wrapped_keys[i]);
    END LOOP;
    IF p_command IS NOT NULL THEN
        INSERT INTO messages.commands_done (tenant, command, answer, position) VALUES (p_tenant, p_command, p_answer, head.size);
    END IF;
    IF p_inbox_source IS NOT NULL THEN
        INSERT INTO messages.inbox (tenant, source, number, hash, outcome)
        VALUES (p_tenant, p_inbox_source, p_inbox_number, p_inbox_hash, p_inbox_outcome);
        UPDATE messages.lanes l SET number = p_inbox_number, incarnation = p_inbox_incarnation
        WHERE l.tenant = p_tenant AND l.source = p_inbox_source;
        IF NOT FOUND THEN
            INSERT INTO messages.lanes (tenant, source, number, incarnation)
            VALUES (p_tenant, p_inbox_source, p_inbox_number, p_inbox_incarnation);
        END IF;
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
    done record; -- as above: assigned, and not selected
BEGIN
    FOR r IN 1 .. array_length(p_tenants, 1) LOOP
        f := e + p_event_counts[r] - 1;
        m := k + p_key_counts[r] - 1;
        done := ledger.append(
            p_tenants[r], p_logs[r], p_incarnations[r],
            p_streams[e:f], p_versions[e:f], p_topics[e:f], p_actors[e:f], p_payloads[e:f], p_commitments[e:f],
            p_happened_at[e:f], p_public_types[e:f], p_public_bodies[e:f], p_causes[r], p_correlations[r],
            p_key_streams[k:m], p_wrapped_keys[k:m], p_commands[r], p_answers[r],
            p_inbox_sources[r], p_inbox_numbers[r], p_inbox_hashes[r], p_inbox_incarnations[r], p_inbox_outcomes[r]);
        status := done.status;
        answer := done.answer;
        last_position := done.last_position;
        stamped_at := done.stamped_at;
        last_public := done.last_public;
        RETURN NEXT;
        e := f + 1;
        k := m + 1;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ledger.keep_key(p_tenant uuid, p_stream uuid, p_wrapped bytea, OUT wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_tenant::text, 0));
    IF NOT EXISTS (SELECT 1 FROM ledger.key_floors f
                   WHERE f.tenant = p_tenant AND substring(p_wrapped FROM 1 FOR 4) < int4send(f.generation)) THEN
        INSERT INTO ledger.stream_keys (tenant, stream, wrapped) VALUES (p_tenant, p_stream, p_wrapped) ON CONFLICT DO NOTHING;
    END IF;
    SELECT k.wrapped INTO wrapped FROM ledger.stream_keys k WHERE k.tenant = p_tenant AND k.stream = p_stream;
END $$;

-- From here on no new key is stored that an older generation of the tenant's key wrapped.
CREATE OR REPLACE FUNCTION ledger.raise_key_floor(p_tenant uuid, p_generation int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    PERFORM pg_advisory_xact_lock(hashtextextended(p_tenant::text, 0)); -- alone: whoever stores a key shares it
    INSERT INTO ledger.key_floors AS f (tenant, generation) VALUES (p_tenant, p_generation)
    ON CONFLICT (tenant) DO UPDATE SET generation = greatest(f.generation, p_generation);
END $$;

CREATE OR REPLACE FUNCTION ledger.rewrap_keys(p_tenant uuid, p_streams uuid[], p_old bytea[], p_new bytea[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rewrapped bigint;
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    UPDATE ledger.stream_keys k SET wrapped = n.new FROM unnest(p_streams, p_old, p_new) AS n (stream, old, new)
    WHERE k.tenant = p_tenant AND k.stream = n.stream AND k.wrapped = n.old;
    GET DIAGNOSTICS rewrapped = ROW_COUNT;
    RETURN rewrapped;
END $$;

-- Destroys a stream's key with its files and empties its public rows: only of a stream whose history ends with a tombstone.
CREATE OR REPLACE FUNCTION ledger.destroy_key(p_tenant uuid, p_log text, p_stream uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    IF NOT ledger.is_erased(p_tenant, p_log, p_stream) THEN
        RETURN false;
    END IF;
    DELETE FROM ledger.stream_keys k WHERE k.tenant = p_tenant AND k.stream = p_stream;
    DELETE FROM messages.uploads u WHERE u.tenant = p_tenant AND u.stream = p_stream;
    DELETE FROM messages.blobs b WHERE b.tenant = p_tenant AND b.stream = p_stream;
    UPDATE ledger.public_events p SET type = 'erased', body = '{}' FROM ledger.events e
    WHERE e.tenant = p_tenant AND e.log = p_log AND e.stream = p_stream
      AND p.tenant = e.tenant AND p.position = e.position AND p.hash = e.leaf_hash AND p.type <> 'erased';
    RETURN true;
END $$;

-- A tenant was destroyed: its log has its last event, and no key of any generation is taken any more.
CREATE OR REPLACE FUNCTION ledger.is_destroyed(p_tenant uuid, p_log text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN EXISTS (SELECT 1 FROM ledger.key_floors f WHERE f.tenant = p_tenant AND f.generation = 2147483647)
        THEN EXISTS (SELECT 1 FROM ledger.events e
                     WHERE e.tenant = p_tenant AND e.log = p_log AND e.topic = 'ledger.tenant_destroyed')
        ELSE false END
$$;

CREATE OR REPLACE FUNCTION ledger.is_erased(p_tenant uuid, p_log text, p_stream uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM ledger.events e
        WHERE e.tenant = p_tenant AND e.log = p_log AND e.stream = p_stream AND e.topic = 'ledger.stream_erased')
    OR ledger.is_destroyed(p_tenant, p_log)
$$;

-- Public rows change in one way only: they become empty when their event's stream is erased.
CREATE OR REPLACE FUNCTION ledger.refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.type = 'erased' AND NEW.body = '{}'
        AND (NEW.tenant, NEW.number, NEW.position, NEW.happened_at, NEW.recorded_at, NEW.hash, NEW.incarnation)
            = (OLD.tenant, OLD.number, OLD.position, OLD.happened_at, OLD.recorded_at, OLD.hash, OLD.incarnation)
        AND (NEW.cause, NEW.correlation) IS NOT DISTINCT FROM (OLD.cause, OLD.correlation)
        AND EXISTS (SELECT 1 FROM ledger.events e
                    WHERE e.tenant = OLD.tenant AND e.position = OLD.position AND e.leaf_hash = OLD.hash
                      AND ledger.is_erased(e.tenant, e.log, e.stream))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
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
GRANT EXECUTE ON FUNCTION ledger.append, ledger.append_many, ledger.keep_key, ledger.raise_key_floor, ledger.rewrap_keys,
    ledger.destroy_key, ledger.keep_checkpoint, ledger.leaf_hash, ledger.edge_with,
    ledger.length_prefixed TO {service};
