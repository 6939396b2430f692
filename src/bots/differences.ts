/** What publishing would change, for people: field by field, long texts line by line. */
import { handoffInWords } from './handoff-settings.ts';
import { leadsInWords } from './lead-settings.ts';
import { maskingInWords } from './masking-settings.ts';
import type { BotSettings } from './settings.ts';

export interface Line {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

export interface Difference {
  field: keyof BotSettings;
  /** As the editor calls it. */
  label: string;
  /** Null where it would be said of nothing ("none"). */
  was: string;
  is: string;
  /** Only for texts of several lines. */
  lines?: Line[];
}

/** What a bot may do with our own hands, as the editor calls it. */
export const BUILT_IN_WORDS: Record<BotSettings['builtIns'][number], string> = {
  'hand-over': 'Hand over to a person, and say why',
  hours: 'Look up the opening hours',
  end: 'End the conversation when nothing is left',
};

const LABELS: Record<keyof BotSettings, string> = {
  name: 'Name',
  avatar: 'Avatar',
  greeting: 'Greeting',
  instructions: 'Instructions',
  tone: 'Tone',
  language: 'Answers in',
  providerKeyId: 'Key',
  model: 'Model',
  backups: 'Asked instead',
  temperature: 'Temperature',
  length: 'Length of answers',
  fallback: 'When nothing fits',
  starters: 'Questions to start with',
  groundedOnly: 'Answer from knowledge only',
  hearsVoice: 'Listens to voice notes',
  readsDocuments: 'Reads documents',
  seesPictures: 'Looks at pictures',
  handoff: 'Handing over',
  tools: 'Tools',
  builtIns: 'May do itself',
  leads: 'Details it asks for',
  masking: 'Taken out before sending',
};

/** Values that are only known by number elsewhere. */
export interface Names {
  key(id: number): string;
  tool(id: number): string;
  field(id: number): string;
  language(tag: string): string;
}

/** Whether two versions would answer the same. */
export function sameSettings(one: BotSettings, other: BotSettings): boolean {
  return changedFields(one, other).length === 0;
}

/** The fields in which `draft` differs from `live`, in the editor's order. */
export function differences(draft: BotSettings, live: BotSettings, names: Names): Difference[] {
  return changedFields(draft, live).map((field) => {
    const was = say(field, live, names);
    const is = say(field, draft, names);
    const long = was.includes('\n') || is.includes('\n');
    return { field, label: LABELS[field], was, is, ...(long ? { lines: compareLines(was, is) } : {}) };
  });
}

/** What differs, by the names of the editor's fields. */
export function changedLabels(one: BotSettings, other: BotSettings): string[] {
  return changedFields(one, other).map((field) => LABELS[field]);
}

/** The same for two versions that would answer the same, and for no others. */
export function signOf(settings: BotSettings): string {
  return JSON.stringify(Object.keys(LABELS).map((field) => settings[field as keyof BotSettings]));
}

function changedFields(one: BotSettings, other: BotSettings): (keyof BotSettings)[] {
  const fields = Object.keys(LABELS) as (keyof BotSettings)[];
  return fields.filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));
}

const WORDS: Record<string, string> = {
  plain: 'Plain',
  warm: 'Warm',
  formal: 'Formal',
  playful: 'Playful',
  short: 'Short',
  medium: 'Medium',
  long: 'As long as needed',
};

function say(field: keyof BotSettings, settings: BotSettings, names: Names): string {
  switch (field) {
    case 'providerKeyId':
      return settings.providerKeyId === null ? 'No AI: quotes the knowledge' : names.key(settings.providerKeyId);
    case 'backups':
      return settings.backups.map(({ providerKeyId, model }) => `${model}, ${names.key(providerKeyId)}`).join('\n');
    case 'language':
      return names.language(settings.language);
    case 'tools':
      return settings.tools.map((id) => names.tool(id)).join('\n');
    case 'builtIns':
      return settings.builtIns.map((each) => BUILT_IN_WORDS[each]).join('\n');
    case 'handoff':
      return handoffInWords(settings.handoff);
    case 'leads':
      return leadsInWords(settings.leads, (id) => names.field(id));
    case 'masking':
      return maskingInWords(settings.masking);
    case 'temperature':
      return settings.temperature === null ? 'left to the model' : String(settings.temperature);
    case 'seesPictures':
      if (settings.seesPictures === null) return 'if its model is known to see';
      return settings.seesPictures ? 'on' : 'off';
    case 'groundedOnly':
    case 'hearsVoice':
    case 'readsDocuments':
      return settings[field] ? 'on' : 'off';
    case 'tone':
    case 'length':
      return WORDS[settings[field]] ?? settings[field];
    case 'starters':
      return settings.starters.join('\n');
    default:
      return settings[field];
  }
}

/** Above this product of lengths the texts are shown whole, one after the other: comparing would take too long. */
const COMPARE_AT_MOST = 1_000_000;

/** The shortest list of lines gone and new (longest common subsequence), after the ends that are alike. */
export function compareLines(was: string, is: string): Line[] {
  const before = was === '' ? [] : was.split('\n');
  const after = is === '' ? [] : is.split('\n');
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const same = (text: string): Line => ({ kind: 'same', text });
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

function compareMiddle(before: string[], after: string[]): Line[] {
  const gone = (text: string): Line => ({ kind: 'gone', text });
  const added = (text: string): Line => ({ kind: 'new', text });
  if (before.length * after.length > COMPARE_AT_MOST) return [...before.map(gone), ...after.map(added)];
  const common = commonLengths(before, after);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [one, other] = [before[i], after[j]];
    if (one !== undefined && one === other) {
      lines.push({ kind: 'same', text: one });
      i++;
      j++;
    } else if (one !== undefined && (other === undefined || common(i + 1, j) >= common(i, j + 1))) {
      lines.push(gone(one));
      i++;
    } else if (other !== undefined) {
      lines.push(added(other));
      j++;
    }
  }
  return lines;
}

/** `common(i, j)`: how many lines the rest of `before` from i and of `after` from j have in common, in order. */
function commonLengths(before: string[], after: string[]): (i: number, j: number) => number {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}
