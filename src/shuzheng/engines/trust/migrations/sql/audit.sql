-- The audit: append-only, partitioned by month of legal local time, sealed into a hash chain.

CREATE SEQUENCE trust_auditrecord_id_seq;

CREATE TABLE trust_auditrecord (
    id             bigint      NOT NULL DEFAULT nextval('trust_auditrecord_id_seq'),
    at             timestamptz NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('act', 'read', 'sign-in')),
    name           text        NOT NULL,
    result         text        NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
    actor_name     text        NOT NULL,
    account_id     uuid,
    person_id      uuid,
    officer_id     uuid,
    party_kind     text        NOT NULL,
    party_id       uuid,
    party_name     text        NOT NULL,
    mandate_id     uuid,
    assurance      smallint    NOT NULL,
    channel        text        NOT NULL,
    address        text        NOT NULL,
    correlation_id text        NOT NULL,
    case_id        uuid,
    subject_type   text        NOT NULL,
    subject_id     text        NOT NULL,
    purpose        text        NOT NULL,
    division       ltree       NOT NULL,
    detail         jsonb       NOT NULL,
    content_hash   bytea       NOT NULL CHECK (octet_length(content_hash) = 32),
    xid            bigint      NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    sequence_no    bigint,
    chain_hash     bytea,
    PRIMARY KEY (at, id),
    CHECK ((sequence_no IS NULL) = (chain_hash IS NULL))
) PARTITION BY RANGE (at);

CREATE INDEX trust_audit_unsealed ON trust_auditrecord (id) WHERE sequence_no IS NULL;
CREATE INDEX trust_audit_sequence ON trust_auditrecord (sequence_no) WHERE sequence_no IS NOT NULL;
CREATE INDEX trust_audit_case ON trust_auditrecord (case_id, at) WHERE case_id IS NOT NULL;
CREATE INDEX trust_audit_subject ON trust_auditrecord (subject_id, at) WHERE subject_id <> '';
CREATE INDEX trust_audit_account ON trust_auditrecord (account_id, at) WHERE account_id IS NOT NULL;
CREATE INDEX trust_audit_name ON trust_auditrecord (name, at);
CREATE INDEX trust_audit_trouble ON trust_auditrecord (at) WHERE result <> 'done';

CREATE FUNCTION trust_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The one change that is allowed: a record without a place in the chain gets one.
CREATE FUNCTION trust_seal_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsealed trust_auditrecord;
BEGIN
    unsealed := NEW;
    unsealed.sequence_no := NULL;
    unsealed.chain_hash := NULL;
    IF OLD.sequence_no IS NOT NULL OR unsealed IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER trust_seal_once BEFORE UPDATE ON trust_auditrecord
    FOR EACH ROW EXECUTE FUNCTION trust_seal_once();
CREATE TRIGGER trust_no_delete BEFORE DELETE ON trust_auditrecord
    FOR EACH ROW EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_no_truncate BEFORE TRUNCATE ON trust_auditrecord
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();

-- Whatever month has no partition of its own.
CREATE TABLE trust_auditrecord_other PARTITION OF trust_auditrecord DEFAULT;
CREATE TRIGGER trust_no_truncate BEFORE TRUNCATE ON trust_auditrecord_other
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();

-- Makes the partition of the month that holds a day, unless it is there or its records already lie in the default one.
CREATE FUNCTION trust_add_audit_month(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    partition text := 'trust_auditrecord_' || to_char(day, 'YYYYMM');
    first timestamptz := date_trunc('month', day::timestamp) AT TIME ZONE 'Asia/Shanghai';
    next timestamptz := (date_trunc('month', day::timestamp) + interval '1 month') AT TIME ZONE 'Asia/Shanghai';
BEGIN
    IF to_regclass(partition) IS NOT NULL
        OR EXISTS (SELECT FROM trust_auditrecord_other r WHERE r.at >= first AND r.at < next) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF trust_auditrecord FOR VALUES FROM (%L) TO (%L)', partition, first, next);
    EXECUTE format('CREATE TRIGGER trust_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                   'EXECUTE FUNCTION trust_refuse_change()', partition);
    RETURN true;
END $$;

SELECT trust_add_audit_month((now() + n * interval '1 month')::date) FROM generate_series(0, 2) n;

-- Keys that sign, and the signed heads of the chain.

CREATE TABLE trust_signingkey (
    id                 uuid        PRIMARY KEY,
    purpose            text        NOT NULL,
    public_key         bytea       NOT NULL CHECK (octet_length(public_key) = 65),
    sealed_private_key text        NOT NULL,
    created_at         timestamptz NOT NULL
);

CREATE TABLE trust_chaincheckpoint (
    id          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at          timestamptz NOT NULL,
    sequence_no bigint      NOT NULL UNIQUE,
    chain_hash  bytea       NOT NULL,
    key_id      uuid        NOT NULL REFERENCES trust_signingkey,
    signature   bytea       NOT NULL CHECK (octet_length(signature) = 64)
);

CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_signingkey
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_chaincheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION trust_refuse_change();
