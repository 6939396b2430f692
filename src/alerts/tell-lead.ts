import { asDetail, contactCard, givenBy, shapeOf } from '../contacts/index.ts';
import { conversationById } from '../conversations/index.ts';
import type { JobKind } from '../jobs/job.ts';
import { queueHookCalls } from './hook-calls.ts';
import { linkTo } from './links.ts';

/**
 * The job 'tell-lead', enqueued in the transaction that keeps a detail, with the conversation as its key: other programs are
 * sent all that the customer has told so far. Details told in one breath are one call. Of who is silenced since, nothing goes out.
 */
export const tellLead: JobKind = {
  async run(ws, job) {
    await job.finish(() => {
      const conversation = conversationById(ws, Number(job.key));
      const card = conversation && contactCard(ws, conversation.contactId);
      if (!conversation || !card || conversation.silenced) return;
      const known = new Map<string, string | null>([
        ['name', card.name],
        ['email', card.email],
        ['phone', card.phone],
        ...card.values.map(({ fieldId, value }) => [String(fieldId), value] as const),
      ]);
      const details = [...givenBy(ws, card.id)].map(([field, { at }]) => ({
        field: shapeOf(ws, asDetail(field))?.name ?? field,
        value: known.get(field) ?? null,
        at: new Date(at).toISOString(),
      }));
      queueHookCalls(ws, 'lead.collected', {
        contact: { id: card.id, url: linkTo(ws, `contacts/${card.id}`) },
        conversation: { id: conversation.id, url: linkTo(ws, `conversations/${conversation.id}`) },
        details,
      });
    });
  },
};
