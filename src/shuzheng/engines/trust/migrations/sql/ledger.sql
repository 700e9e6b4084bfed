-- The ledger: one Merkle tree over audit records and public entries. Everything here only grows.

CREATE FUNCTION trust_hash_ok(hash bytea) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT octet_length(hash) = 32';

-- The audit gives up its chain: a record is written once and never again.
DROP TABLE trust_chaincheckpoint;
DROP TRIGGER trust_seal_once ON trust_auditrecord;
DROP TRIGGER trust_no_delete ON trust_auditrecord;
DROP FUNCTION trust_seal_once;
ALTER TABLE trust_auditrecord DROP COLUMN sequence_no CASCADE, DROP COLUMN chain_hash, DROP COLUMN content_hash,
    ADD COLUMN salt bytea, ADD COLUMN leaf_hash bytea CHECK (trust_hash_ok(leaf_hash));
CREATE INDEX trust_audit_written ON trust_auditrecord (xid, id);

-- Public evidence, numbered together with the audit's records.
CREATE TABLE trust_ledgerentry (
    id         uuid        PRIMARY KEY,
    number     bigint      NOT NULL DEFAULT nextval('trust_auditrecord_id_seq'),
    at         timestamptz NOT NULL,
    kind       text        NOT NULL,
    subject    text        NOT NULL,
    content    jsonb       NOT NULL,
    digest     text        NOT NULL GENERATED ALWAYS AS (coalesce(content ->> 'digest', '')) STORED,
    key_id     uuid,
    sealed     bytea,
    leaf_hash  bytea       NOT NULL CHECK (trust_hash_ok(leaf_hash)),
    xid        bigint      NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    CHECK ((key_id IS NULL) = (sealed IS NULL))
);
CREATE UNIQUE INDEX trust_entry_number ON trust_ledgerentry (number);
CREATE INDEX trust_entry_written ON trust_ledgerentry (xid, number);
CREATE INDEX trust_entry_subject ON trust_ledgerentry (subject, number);
CREATE INDEX trust_entry_digest ON trust_ledgerentry (digest, number) WHERE digest <> '';
CREATE INDEX trust_entry_key ON trust_ledgerentry (key_id) WHERE key_id IS NOT NULL;

-- The tree: its leaves with the record each stands for, and the roots of complete subtrees of 256, 256², … leaves.
CREATE TABLE trust_leaf (
    index  bigint PRIMARY KEY,
    record bigint NOT NULL,
    hash   bytea  NOT NULL CHECK (trust_hash_ok(hash))
);
CREATE UNIQUE INDEX trust_leaf_record ON trust_leaf (record);
CREATE TABLE trust_node (
    level smallint NOT NULL CHECK (level > 0),
    index bigint   NOT NULL,
    hash  bytea    NOT NULL CHECK (trust_hash_ok(hash)),
    PRIMARY KEY (level, index)
);

-- Its signed heads; the frontier is what growing on needs.
CREATE TABLE trust_treehead (
    size     bigint      PRIMARY KEY,
    at       timestamptz NOT NULL,
    root     bytea       NOT NULL CHECK (trust_hash_ok(root)),
    frontier bytea       NOT NULL,
    note     text        NOT NULL
);

-- How far the writer has come, in the transaction numbers of one cluster.
CREATE TABLE trust_sequencer (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    cluster bigint  NOT NULL,
    xid     bigint  NOT NULL,
    record  bigint  NOT NULL
);
INSERT INTO trust_sequencer (cluster, xid, record) VALUES (0, 0, 0);

CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_node
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_treehead
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
