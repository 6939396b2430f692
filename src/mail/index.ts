export { mailServerOf, sendsMail } from './mail-server.ts';
export { queueMail, type NewMail } from './queue-mail.ts';
export { sendMail } from './send-mail.ts';
