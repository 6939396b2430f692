/** Whether an answer is what its test wants, as far as that can be told without asking anybody. */
import { folded, says, type Check, type Wants } from '../../bots/index.ts';
import type { RunPassage } from '../../db/schema/workspace.ts';

export interface Answered {
  /** What a customer would read; '' where they get a person. */
  text: string;
  byPerson: boolean;
  /** Why a person is called, in plain words; '' where none is. */
  why: string;
  passages: readonly RunPassage[];
}

/** The rule isn't among them: a model judges it. Where the wrong one answers, nothing else is looked at. */
export function checkAnswer(wants: Wants, answered: Answered): Check[] {
  const by = checkWho(wants, answered);
  if (by.passed === false || wants.by === 'person') return [by];
  return [
    ...wants.holds.map((phrase) => checkHolds(answered.text, phrase)),
    ...wants.lacks.map((phrase) => checkLacks(answered.text, phrase)),
    ...(wants.cites === '' ? [] : [checkCites(answered, wants.cites)]),
  ];
}

function checkWho({ by }: Wants, { byPerson, why }: Answered): Check {
  const passed = byPerson === (by === 'person');
  const happened = byPerson ? (why === '' ? 'A person is called.' : why) : 'The bot answered by itself.';
  return { kind: 'by', asked: by, passed, says: happened };
}

function checkHolds(text: string, phrase: string): Check {
  const passed = says(text, phrase);
  return { kind: 'holds', asked: phrase, passed, says: passed ? '' : 'The answer doesn’t say it.' };
}

function checkLacks(text: string, phrase: string): Check {
  const passed = !says(text, phrase);
  return { kind: 'lacks', asked: phrase, passed, says: passed ? '' : 'The answer says it.' };
}

function checkCites({ passages }: Answered, title: string): Check {
  const cited = [...new Set(passages.filter(({ used }) => used).map((passage) => passage.title))];
  const passed = cited.some((each) => folded(each) === folded(title));
  const instead = cited.length === 0 ? 'The answer cites nothing.' : `The answer cites ${cited.map((each) => `“${each}”`).join(', ')}.`;
  return { kind: 'cites', asked: title, passed, says: passed ? '' : instead };
}
