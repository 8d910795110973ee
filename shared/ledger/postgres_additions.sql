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
GRANT SELECT ON ledger.tiles, ledger.key_floors TO {service};

-- Files: what is kept may be added to and read; only the functions that destroy keys take it away.
GRANT SELECT, INSERT, UPDATE, DELETE ON messages.uploads TO {service};
GRANT SELECT, INSERT ON messages.blobs TO {service};

ALTER TABLE messages.waiting_lanes ADD COLUMN IF NOT EXISTS since bigint;

-- Opens a new incarnation of a tenant's log (shared/ledger/incarnation.py): moves its heads and appends the event that says so, both or
-- neither. `p_last_number` is n * 2^32; `p_found_…` is the head as its caller saw it, NULL and 0 where there is none.
CREATE OR REPLACE FUNCTION ledger.open_incarnation(
    p_found_incarnation uuid, p_found_size bigint, p_last_number bigint,
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
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    SELECT * INTO head FROM ledger.heads h WHERE h.tenant = p_tenant AND h.log = p_log FOR UPDATE;
    IF head.incarnation IS DISTINCT FROM p_found_incarnation OR coalesce(head.size, 0) <> p_found_size THEN
        status := 'conflict';
        RETURN;
    END IF;
    IF p_topics <> ARRAY['ledger.log_restored'] OR p_public_types[1] IS NULL OR p_incarnation = head.incarnation
        OR p_last_number & 4294967295 <> 0 OR p_last_number <= coalesce(head.public_number, 0) THEN
        RAISE EXCEPTION 'not an incarnation that can be opened' USING ERRCODE = 'check_violation';
    END IF;
    IF head.incarnation IS NULL THEN
        INSERT INTO ledger.heads (tenant, log, size, edge, recorded_at, public_number, incarnation)
        VALUES (p_tenant, p_log, 0, '', 0, p_last_number, p_incarnation);
    END IF;
    UPDATE ledger.heads h SET incarnation = p_incarnation WHERE h.tenant = p_tenant;
    UPDATE ledger.heads h SET public_number = p_last_number WHERE h.tenant = p_tenant AND h.log = p_log;
    SELECT a.status, a.answer, a.last_position, a.stamped_at, a.last_public
    INTO status, answer, last_position, stamped_at, last_public
    FROM ledger.append(
        p_tenant, p_log, p_incarnation, p_streams, p_versions, p_topics, p_actors, p_payloads, p_commitments, p_happened_at,
        p_public_types, p_public_bodies, p_cause, p_correlation, p_key_streams, p_wrapped_keys, p_command, p_answer,
        p_inbox_source, p_inbox_number, p_inbox_hash, p_inbox_incarnation, p_inbox_outcome) AS a;
    IF status <> 'done' THEN
        RAISE EXCEPTION 'the incarnation was not recorded: %', status USING ERRCODE = 'check_violation';
    END IF;
END $$;

-- Moves a listener's lane to a restored source's new incarnation and appends the event that says so, both or neither. The numbers that it
-- is moved past are settled in the inbox. `p_found_…` is the lane as its caller saw it, 0 and NULL where there is none.
CREATE OR REPLACE FUNCTION ledger.move_lane(
    p_source text, p_found_number bigint, p_found_incarnation uuid, p_number bigint, p_to_incarnation uuid,
    p_settled bigint[], p_settled_hashes bytea[], p_settled_outcome text,
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
    lane messages.lanes%ROWTYPE;
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    PERFORM FROM ledger.heads h WHERE h.tenant = p_tenant AND h.log = p_log FOR UPDATE; -- as the append does, in its order
    SELECT * INTO lane FROM messages.lanes l WHERE l.tenant = p_tenant AND l.source = p_source FOR UPDATE;
    IF lane.incarnation IS DISTINCT FROM p_found_incarnation OR coalesce(lane.number, 0) <> p_found_number THEN
        status := 'conflict';
        RETURN;
    END IF;
    IF p_topics <> ARRAY['messages.lane_reconciled'] OR p_to_incarnation = lane.incarnation OR p_inbox_source IS NOT NULL
        OR p_number >> 32 <= p_found_number >> 32 OR p_number IS DISTINCT FROM p_settled[array_upper(p_settled, 1)] THEN
        RAISE EXCEPTION 'not a lane that can be moved there' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO messages.inbox (tenant, source, number, hash, outcome)
    SELECT p_tenant, p_source, s.number, s.hash, p_settled_outcome FROM unnest(p_settled, p_settled_hashes) AS s (number, hash);
    INSERT INTO messages.lanes AS l (tenant, source, number, incarnation) VALUES (p_tenant, p_source, p_number, p_to_incarnation)
    ON CONFLICT (tenant, source) DO UPDATE SET number = p_number, incarnation = p_to_incarnation;
    SELECT a.status, a.answer, a.last_position, a.stamped_at, a.last_public
    INTO status, answer, last_position, stamped_at, last_public
    FROM ledger.append(
        p_tenant, p_log, p_incarnation, p_streams, p_versions, p_topics, p_actors, p_payloads, p_commitments, p_happened_at,
        p_public_types, p_public_bodies, p_cause, p_correlation, p_key_streams, p_wrapped_keys, p_command, p_answer,
        p_inbox_source, p_inbox_number, p_inbox_hash, p_inbox_incarnation, p_inbox_outcome) AS a;
    IF status <> 'done' THEN
        RAISE EXCEPTION 'the move was not recorded: %', status USING ERRCODE = 'check_violation';
    END IF;
END $$;

REVOKE ALL ON FUNCTION ledger.open_incarnation, ledger.move_lane FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.open_incarnation, ledger.move_lane TO {service};

-- What a proof reads of a tree, in one round trip: full tiles as they are kept, of those not full yet what lies below them. It runs with
-- the caller's rights and under its policies: the tenant is set first, the rows are read by a statement of their own. Positions are
-- listed, and not given as a range, whose length the planner would guess at a two-hundredth of all rows, and read them all.
CREATE OR REPLACE FUNCTION ledger.tree_parts(p_tenant uuid, p_log text, p_levels int[], p_indexes bigint[], p_widths int[])
RETURNS TABLE (level int, index bigint, hashes bytea) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT w.level, w.index, CASE
        WHEN w.width = 256 THEN (
            SELECT t.hashes FROM ledger.tiles t
            WHERE t.tenant = p_tenant AND t.log = p_log AND t.level = w.level AND t.index = w.index)
        WHEN w.level = 0 THEN (
            SELECT string_agg(e.leaf_hash, ''::bytea ORDER BY e.position) FROM ledger.events e
            WHERE e.tenant = p_tenant AND e.log = p_log
                AND e.position = ANY (ARRAY(SELECT generate_series(w.index * 256 + 1, w.index * 256 + w.width))))
        ELSE (
            SELECT string_agg(t.root, ''::bytea ORDER BY t.index) FROM ledger.tiles t
            WHERE t.tenant = p_tenant AND t.log = p_log AND t.level = w.level - 1
                AND t.index = ANY (ARRAY(SELECT generate_series(w.index * 256, w.index * 256 + w.width - 1))))
        END
    FROM unnest(p_levels, p_indexes, p_widths) AS w (level, index, width);
END $$;

REVOKE ALL ON FUNCTION ledger.tree_parts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.tree_parts TO {service};

CREATE OR REPLACE TRIGGER refuses_change BEFORE UPDATE OR DELETE ON ledger.public_events
FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change_but_erasure();

-- Where a listener's lane stands, in one round trip; as ledger.tree_parts, with the caller's rights and under its policies.
CREATE OR REPLACE FUNCTION ledger.lane_of(
    p_tenant uuid, p_source text, OUT number bigint, OUT incarnation uuid, OUT reason text, OUT hash bytea
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    SELECT l.number, l.incarnation, i.hash INTO number, incarnation, hash
    FROM messages.lanes l LEFT JOIN messages.inbox i ON i.tenant = l.tenant AND i.source = l.source AND i.number = l.number
    WHERE l.tenant = p_tenant AND l.source = p_source;
    SELECT w.reason INTO reason FROM messages.waiting_lanes w WHERE w.tenant = p_tenant AND w.source = p_source;
END $$;

REVOKE ALL ON FUNCTION ledger.lane_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.lane_of TO {service};

-- The filler compares what was handled last in each lane with what its source says it told last: number and hash, no outcome.
GRANT SELECT, INSERT, UPDATE, DELETE ON messages.climbed TO {service};
GRANT SELECT (tenant, source, number, hash) ON messages.inbox TO {relay};
DROP POLICY IF EXISTS relay_sees_inbox ON messages.inbox;
CREATE POLICY relay_sees_inbox ON messages.inbox FOR SELECT TO {relay} USING (true);

-- Destroys every wrapped key of a tenant whose logs have ended, and empties its public rows, but for those that count its incarnations.
CREATE OR REPLACE FUNCTION ledger.destroy_tenant(p_tenant uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('qorgan.tenant', p_tenant::text, true);
    IF EXISTS (SELECT 1 FROM ledger.heads h WHERE h.tenant = p_tenant AND h.size > 0 AND NOT ledger.is_destroyed(p_tenant, h.log)) THEN
        RAISE EXCEPTION 'a log of this tenant has not ended' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM ledger.stream_keys k WHERE k.tenant = p_tenant;
    DELETE FROM messages.uploads u WHERE u.tenant = p_tenant;
    DELETE FROM messages.blobs b WHERE b.tenant = p_tenant;
    UPDATE ledger.public_events p SET type = 'erased', body = '{}'
    WHERE p.tenant = p_tenant AND p.type <> 'erased' AND p.type NOT LIKE '%.log_restored.v1';
END $$;

REVOKE ALL ON FUNCTION ledger.destroy_tenant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.destroy_tenant TO {service};
