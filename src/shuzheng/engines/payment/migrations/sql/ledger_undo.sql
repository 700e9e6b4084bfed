DROP TRIGGER payment_posting_final ON payment_posting;
DROP TRIGGER payment_entry_final ON payment_journalentry;
DROP TRIGGER payment_posting_balances ON payment_posting;
DROP TRIGGER payment_entry_balances ON payment_journalentry;
DROP FUNCTION payment_ledger_is_final();
DROP FUNCTION payment_entry_balances();
DROP SEQUENCE payment_receipt_number;
DROP SEQUENCE payment_bill_number;
