/** The promises about people's data. */
export { askErasure } from './erasing/ask-erasure.ts';
export { certify, waitsForProof } from './erasing/certify.ts';
export { contactPurger, wantPurges } from './erasing/purge-contact.ts';
export { undoErasure } from './erasing/undo-erasure.ts';
