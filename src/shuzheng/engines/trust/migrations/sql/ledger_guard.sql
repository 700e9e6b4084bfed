-- After the records that were there have their leaves.
ALTER TABLE trust_auditrecord ALTER COLUMN salt SET NOT NULL, ALTER COLUMN leaf_hash SET NOT NULL;
CREATE TRIGGER trust_only_grows BEFORE UPDATE OR DELETE ON trust_auditrecord
    FOR EACH ROW EXECUTE FUNCTION trust_refuse_change();
