/** The promises about people's data. */
export { askErasure } from './erasing/ask-erasure.ts';
export { certify, waitsForProof } from './erasing/certify.ts';
export { eraseAgain } from './erasing/erase-again.ts';
export { contactPurger, wantPurges } from './erasing/purge-contact.ts';
export { doRight } from './rights/do-right.ts';
export { undoErasure } from './erasing/undo-erasure.ts';
export { ledgerFile, LedgerError, readLedger, type LedgerEntry } from './ledger.ts';
