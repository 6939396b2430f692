import assert from 'node:assert/strict';
import { DOMParser } from 'linkedom';
import type { Answer } from './http.ts';

/** What is used of a DOM. linkedom's own types need those of a browser. */
export interface Dom {
  textContent: string | null;
  querySelector(selector: string): DomElement | null;
  querySelectorAll(selector: string): Iterable<DomElement> & { length: number };
}
export interface DomElement extends Dom {
  getAttribute(name: string): string | null;
}

/** The page of an answer that must have this status. */
export function pageOf(answer: Answer, status = 200): Dom {
  assert.equal(answer.status, status);
  return new DOMParser().parseFromString(answer.text, 'text/html');
}

/** The texts of what a selector finds, white space joined as a reader sees it. */
export function words(root: Dom, selector: string): string[] {
  return [...root.querySelectorAll(selector)].map((element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim());
}
