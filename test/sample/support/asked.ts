/**
 * What customers of Café Aurora ask, and where the answer stands. `null`: the knowledge doesn't hold it, a person is called.
 * Sources are named by their titles; `says` must stand in the answer, since a source of many questions is easy to hit.
 */
export interface Asked {
  question: string;
  answer: { sources: string[]; says: RegExp } | null;
}

const HOURS = 'Opening hours';
const ZEITEN = 'Öffnungszeiten';
const DELIVERY = 'Delivery and pick-up';
const VOUCHERS = 'Vouchers';
const QUESTIONS = 'Questions and answers';
const FRAGEN = 'Fragen und Antworten';
const BOOKINGS = 'Bookings.md';
const MENU = 'Menu and allergens.pdf';

function asked(question: string, sources: string[], says: RegExp): Asked {
  return { question, answer: { sources, says } };
}

function unknown(question: string): Asked {
  return { question, answer: null };
}

/** These were looked at while the provider was made better. */
export const KNOWN: Asked[] = [
  asked('Are you open on Sunday?', [HOURS, QUESTIONS], /Sunday (we are open )?from 9:00/),
  asked('When do you open?', [HOURS, QUESTIONS], /8:00 (and close at|to) 18:00/),
  asked('what time do you close today', [HOURS, QUESTIONS], /8:00 (and close at|to) 18:00/),
  asked('Are you open on Christmas?', [HOURS], /25 and 26 December/),
  asked('Can I bring my dog?', [QUESTIONS], /Dogs are welcome/),
  asked('How much is delivery to Spandau?', [DELIVERY], /€6 up to 5 km/),
  asked('Do you deliver?', [DELIVERY], /We deliver/),
  asked('Can I book a table for six?', [BOOKINGS], /up to eight guests/),
  asked('Which cakes are vegan?', [QUESTIONS, MENU], /olive oil cake/),
  asked('Is there parking?', [HOURS], /no car park/),
  asked('wifi password', [QUESTIONS], /board behind the counter/),
  asked('Can I return a voucher?', [VOUCHERS], /30 days/),
  asked('how long is a gift card valid', [VOUCHERS], /three years/),
  asked('Do you take credit cards?', [QUESTIONS], /by card/),
  asked('does the carrot cake have nuts', [MENU], /walnuts/),
  asked('Haben Sie am Sonntag offen?', [ZEITEN, FRAGEN], /Sonntag (haben wir )?von 9 bis 19/),
  asked('Wann macht ihr auf?', [ZEITEN, FRAGEN], /8 (Uhr auf und um|bis) 18 Uhr/),
  asked('Liefert ihr nach Hause?', [DELIVERY], /nach Hause und ins Büro/),
  asked('Was kostet die Lieferung?', [DELIVERY], /6 € bis 5 km/),
  asked('Kann ich meinen Hund mitbringen?', [FRAGEN], /Hunde sind drinnen/),
  asked('Gibt es veganen Kuchen?', [FRAGEN], /immer vegan/),
  asked('Kann ich einen Tisch für sechs reservieren?', [BOOKINGS], /bis zu acht Gäste/),
  asked('Wo kann ich parken?', [ZEITEN], /Parkplatz/),
  asked('Wie komme ich zu euch?', [ZEITEN], /Rathaus Neukölln/),
  asked('Kann ich mit Karte zahlen?', [FRAGEN], /mit Karte/),
  asked('Wie lange ist ein Gutschein gültig?', [VOUCHERS], /drei Jahre/),
  asked('Habt ihr laktosefreie Milch?', [FRAGEN], /laktosefreie Milch/),
  asked('Seid ihr barrierefrei?', [ZEITEN], /stufenlos/),
  unknown('Do you sell bicycles?'),
  unknown('Who won the football game on Sunday?'),
  unknown('Do you have live music?'),
  unknown('Can I hire a bouncy castle?'),
  unknown('Do you have a branch in Hamburg?'),
  unknown('Can you change my order 3081 to the almond one?'),
  unknown('Is the mayor coming tomorrow?'),
  unknown('Where did you buy your furniture?'),
  unknown('Wie alt ist der Eiffelturm?'),
  unknown('Verkauft ihr Fahrräder?'),
  unknown('Habt ihr einen Raucherbereich?'),
  unknown('Wie wird das Wetter morgen?'),
  unknown('Bietet ihr Backkurse an?'),
  unknown('Was verdient ein Barista bei euch?'),
  asked('Till what time are you open on Saturday?', [HOURS, QUESTIONS], /Saturday and Sunday (we are open )?from 9:00/),
  asked('How far ahead do I have to order a whole cake?', [DELIVERY, QUESTIONS], /two days/),
  asked('Is your place wheelchair accessible?', [HOURS], /wheelchair/),
  asked('Do you have a high chair for my baby?', [QUESTIONS], /four high chairs/),
  asked('What happens if my cake arrives broken?', [DELIVERY], /photo/),
  asked('Can I cancel my reservation?', [BOOKINGS], /free of charge until two hours/),
  asked('How much is a cappuccino?', [MENU], /3\.70/),
  asked('Habt ihr montags zu?', [ZEITEN, FRAGEN], /Montags? ist Ruhetag/),
  asked('Kann man bei euch frühstücken?', [FRAGEN], /bis 14 Uhr/),
  asked('Bekomme ich für einen Gutschein mein Geld zurück?', [VOUCHERS], /30 Tagen/),
  asked('Habt ihr Internet?', [FRAGEN], /kostenlos/),
  asked('Bis wann muss ich für morgen bestellen?', [DELIVERY], /16 Uhr/),
  asked('Habt ihr einen Job für mich?', [FRAGEN], /jobs@aurora/),
  asked('Gibt es koffeinfreien Kaffee?', [FRAGEN], /entkoffeiniert/),
  unknown('Do you do yoga classes?'),
  unknown('Can I charge my electric car?'),
  unknown('What is the capital of France?'),
  unknown('Do you have a loyalty programme?'),
  unknown('Habt ihr eine Klimaanlage?'),
  unknown('Wer ist der Bundeskanzler?'),
  unknown('Kann ich bei euch übernachten?'),
  unknown('Wo ist meine Bestellung?'),
];

/** These were written before anything was changed for those above, and asked at the end only: questions it wasn't made for. */
export const HELD_OUT: Asked[] = [
  asked('Could I get soy milk in my cappuccino?', [QUESTIONS, MENU], /soy/),
  asked('Do you close on public holidays?', [HOURS], /public holidays/),
  asked('Can I rent the whole café for a party?', [BOOKINGS], /€350/),
  asked('How do I get to you by underground?', [HOURS], /U7/),
  asked('I lost my voucher, what now?', [VOUCHERS], /receipt number/),
  asked('Can we bring our laptops?', [QUESTIONS], /laptop-free/),
  asked('Wie viele Leute passen ins Hinterzimmer?', [BOOKINGS], /fünfundzwanzig/),
  asked('Was kostet ein Brot?', [FRAGEN], /5,80/),
  asked('Ist der Zitronenkuchen vegan?', [FRAGEN], /Zitronen-Olivenöl/),
  asked('Kann ich eine Torte abholen?', [DELIVERY], /abgeholt/),
  asked('Habt ihr an Weihnachten zu?', [ZEITEN], /geschlossen/),
  asked('Kann ich bei euch Kaffeebohnen kaufen?', [FRAGEN], /250 g/),
  unknown('Do you have a swimming pool?'),
  unknown('Is there a discount for students?'),
  unknown('Who owns the house?'),
  unknown('Do you sell gift baskets?'),
  unknown('Gibt es bei euch Konzerte?'),
  unknown('Wann kommt der nächste Zug?'),
  unknown('Verleiht ihr Bücher?'),
  unknown('Seid ihr Mitglied der Handwerkskammer?'),
];
