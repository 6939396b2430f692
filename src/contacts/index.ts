/** People who write in. */
export { changeIdentity } from './change-identity.ts';
export { findIdentity, identify, type Identified, type Writer } from './identify.ts';
export { contactCard, type ContactCard } from './contacts.queries.ts';
