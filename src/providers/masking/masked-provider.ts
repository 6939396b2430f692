/** A provider to whom only masked texts go. Whoever opens one gets it so: there is no other way to any. */
import type { AnswerEvent, AnswerRequest, Embedder, Provider, ProviderAccess } from '../provider.ts';
import type { Masker } from './masker.ts';
import { RestoringStream } from './restoring-stream.ts';

/** `aside` makes a masker for a text that stands by itself: a question or a passage that is sent for its vector. */
export function maskedProvider(provider: Provider, masker: () => Masker, aside: () => Masker): Provider {
  return {
    ...provider,
    answer: (access, request) => answer(provider, masker(), access, request),
    embedder: provider.embedder && maskedEmbedder(provider.embedder, aside),
  };
}

async function* answer(
  provider: Provider,
  masker: Masker,
  access: ProviderAccess,
  request: AnswerRequest,
): AsyncGenerator<AnswerEvent, void> {
  const sent = masker.request(request);
  masker.keep();
  const stream = new RestoringStream(masker);
  for await (const event of provider.answer(access, sent)) {
    if (event.type === 'delta') {
      const text = stream.push(event.text);
      if (text !== '') yield { type: 'delta', text };
      continue;
    }
    const rest = stream.finish();
    if (rest !== '') yield { type: 'delta', text: rest };
    yield event.type === 'calls' ? { ...event, calls: event.calls.map((call) => masker.restoreCall(call)) } : event;
  }
}

function maskedEmbedder(embedder: Embedder, aside: () => Masker): Embedder {
  return {
    texts: embedder.texts,
    tokens: embedder.tokens,
    // Each by itself, so that a passage has one vector whatever it was sent beside.
    embed: (access, request) => embedder.embed(access, { ...request, texts: request.texts.map((text) => aside().text(text)) }),
  };
}
