DROP TABLE trust_chaincheckpoint, trust_signingkey, trust_auditrecord;
DROP SEQUENCE trust_auditrecord_id_seq;
DROP FUNCTION trust_add_audit_month, trust_seal_once, trust_refuse_change;
