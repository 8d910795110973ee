-- What SQLAlchemy's tables need on PostgreSQL to be append-only and isolated, beside postgres_functions.sql: rights and policies, given
-- once. {owner}, {service}, {relay}, {clock} are role names.

GRANT USAGE ON SCHEMA ledger, messages, read TO {service};
GRANT USAGE ON SCHEMA ledger, messages TO {relay};
GRANT USAGE ON SCHEMA messages, ledger TO {clock};
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO {service};
GRANT SELECT ON messages.commands_done, messages.inbox, messages.lanes TO {service};
GRANT SELECT, INSERT, UPDATE, DELETE ON messages.waiting_lanes, messages.due, read.positions TO {service};
GRANT SELECT ON ledger.heads, ledger.public_events, messages.lanes, messages.waiting_lanes, messages.relay_cursors TO {relay};
GRANT INSERT, UPDATE ON messages.relay_cursors TO {relay};
GRANT SELECT ON messages.due TO {clock};
CREATE POLICY relay_sees_heads ON ledger.heads FOR SELECT TO {relay} USING (true);
CREATE POLICY relay_sees_public_events ON ledger.public_events FOR SELECT TO {relay} USING (true);
CREATE POLICY relay_sees_lanes ON messages.lanes FOR SELECT TO {relay} USING (true);
CREATE POLICY relay_sees_waiting_lanes ON messages.waiting_lanes FOR SELECT TO {relay} USING (true);
CREATE POLICY relay_keeps_cursors ON messages.relay_cursors FOR ALL TO {relay} USING (true) WITH CHECK (true);
CREATE POLICY clock_sees_due ON messages.due FOR SELECT TO {clock} USING (true);
GRANT SELECT ON read.positions TO {relay};
GRANT USAGE ON SCHEMA read TO {relay};
CREATE POLICY relay_sees_positions ON read.positions FOR SELECT TO {relay} USING (true);
