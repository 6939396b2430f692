/** What was promised to the outside, to be held against what is there at the end. */
export class Ledger {
  readonly acknowledged: { text: string; kind: string }[] = [];
  /** Takeovers that a member's browser saw succeed: conversation, and when. */
  readonly takeovers: { conversationId: number; at: number }[] = [];
  /** What a far side told of something that was sent, and the server took: by our reference, or by its own id of it. */
  readonly receipts: { by: 'reference' | 'external_id'; id: string; state: 'delivered' | 'read' | 'failed' }[] = [];
  /** What an owner said on their own phone, and the server took. */
  readonly byHand: string[] = [];
  numbers = 0;

  next(who: string): string {
    return `Message ${++this.numbers} of ${who}: are you open on Sunday?`;
  }

  nextByHand(): string {
    return `By hand ${++this.numbers}`;
  }

  heard(kind: string, ...texts: string[]): void {
    for (const text of texts) this.acknowledged.push({ text, kind });
  }
}
