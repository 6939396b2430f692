/** The fields of this room's forms. */
import { z } from 'zod';
import { once } from '../lib/once.ts';
import { emailAddress, line, optionalLine, ticked } from '../web/parse.ts';
import { roles } from '../web/permissions.ts';
import { countries, currencies, languages, timezones, type Choice } from './choices.ts';
import { themes } from './edit-account.ts';
import { LONGEST_PASSWORD } from './passwords.ts';

function oneOf(choices: () => readonly Choice[], says: string): z.ZodType<string, string> {
  const known = once(() => new Set(choices().map(({ value }) => value)));
  return z.string({ error: says }).refine((value) => known().has(value), { error: says });
}

/** A password as typed: never trimmed. Checked for strength by `weakness`, where it is a new one. */
function password(says: string): z.ZodType<string, string> {
  return z
    .string({ error: says })
    .min(1, { error: says })
    .max(LONGEST_PASSWORD, { error: `A password has ${LONGEST_PASSWORD} characters at most.` });
}

const website = optionalLine('The website', 500)
  .transform((text) => (text === null || /^[a-z]+:/i.test(text) ? text : `https://${text}`))
  .refine((text) => text === null || (/^https?:\/\//i.test(text) && URL.canParse(text)), {
    error: 'This is no web address. It looks like https://example.com.',
  });

const country = optionalLine('The country', 2).refine((code) => code === null || countries().some(({ value }) => value === code), {
  error: 'Choose a country from the list, or none.',
});

const person = {
  firstName: line('The first name', 80),
  lastName: line('The last name', 80),
  company: optionalLine('The company', 120),
  phone: optionalLine('The phone number', 40).refine((text) => text === null || /^[+()\d\s./-]{3,}$/.test(text), {
    error: 'A phone number has digits, spaces and a +.',
  }),
  country,
};

const place = {
  language: oneOf(languages, 'Choose a language.'),
  timezone: oneOf(timezones, 'Choose a time zone.'),
  currency: oneOf(currencies, 'Choose a currency.'),
};

const newUser = {
  firstName: person.firstName,
  lastName: person.lastName,
  email: emailAddress(),
  password: password('The password is missing.'),
  age: ticked().refine(Boolean, { error: 'Deskbell is for people of 16 and over. Tick this if you are.' }),
};

const next = z.string().optional();

export const setupForm = z.strictObject({
  token: z.string(),
  ...newUser,
  ...person,
  businessName: line('The name of the business', 120),
  ...place,
});
export const joinForm = z.strictObject(newUser);
export const signInForm = z.strictObject({ email: emailAddress(), password: password('The password is missing.'), next });
export const confirmForm = z.strictObject({ password: password('The password is missing.'), next });
/** A code of the second step, as people type it: in groups, in capitals. */
const code = z
  .string({ error: 'The code is missing.' })
  .transform((text) => text.replace(/\s/g, ''))
  .refine((text) => text !== '', { error: 'The code is missing.', abort: true })
  .refine((text) => text.length <= 20, { error: 'A code has six digits, or ten letters and digits.' });
export const codeForm = z.strictObject({ code });
export const secondStepForm = z.strictObject({ code, step: z.string(), next });
export const confirmByCodeForm = z.strictObject({ code, next });
export const accountForm = z.strictObject(person);
export const passwordForm = z.strictObject({
  current: password('Your present password is missing.'),
  password: password('The new password is missing.'),
});
export const themeForm = z.strictObject({ theme: z.enum(themes, { error: 'Choose one of the three.' }) });
export const businessForm = z.strictObject({ name: line('The name of the business', 120), website, ...place });
export const workspaceForm = z.strictObject({ name: line('The name of the business', 120), ...place });
export const roleForm = z.strictObject({ role: z.enum(roles, { error: 'Choose a role.' }) });
export const invitationForm = z.strictObject({
  role: z.enum(roles, { error: 'Choose a role.' }),
  email: z.union([z.literal('').transform(() => null), emailAddress()], {
    error: 'This is no whole e-mail address. It looks like name@example.com.',
  }),
});
export const emptyForm = z.strictObject({});
