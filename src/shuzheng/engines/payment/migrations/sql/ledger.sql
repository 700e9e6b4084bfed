-- Numbers of bills and receipts: gaps are harmless, repetitions are not.
CREATE SEQUENCE payment_bill_number;
CREATE SEQUENCE payment_receipt_number;

-- An entry balances at the commit: its postings add up to nothing, are at least two and as many as it says.
CREATE FUNCTION payment_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry uuid := CASE TG_TABLE_NAME WHEN 'payment_posting' THEN (to_jsonb(NEW) ->> 'entry_id')::uuid ELSE NEW.id END;
    total numeric;
    found integer;
    wanted integer;
BEGIN
    SELECT coalesce(sum(amount), 0), count(*) INTO total, found FROM payment_posting WHERE entry_id = entry;
    SELECT size INTO wanted FROM payment_journalentry WHERE id = entry;
    IF total <> 0 OR found < 2 OR found <> wanted THEN
        RAISE EXCEPTION 'journal entry % does not balance: % in % postings of %', entry, total, found, wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_entry_balances AFTER INSERT ON payment_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_entry_balances();
CREATE CONSTRAINT TRIGGER payment_posting_balances AFTER INSERT ON payment_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_entry_balances();

-- What is booked stays booked: a mistake is put right by another entry.
CREATE FUNCTION payment_ledger_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payment_entry_final BEFORE UPDATE OR DELETE ON payment_journalentry
    FOR EACH ROW EXECUTE FUNCTION payment_ledger_is_final();
CREATE TRIGGER payment_posting_final BEFORE UPDATE OR DELETE ON payment_posting
    FOR EACH ROW EXECUTE FUNCTION payment_ledger_is_final();
