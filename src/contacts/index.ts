/** People who write in. */
export { findIdentity, identify, type Identified, type Writer } from './identify.ts';
export { contactCard, type ContactCard } from './contacts.queries.ts';
