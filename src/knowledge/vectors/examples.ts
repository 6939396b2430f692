/**
 * What a model's cosines are worth is asked of the model itself: in one an unrelated passage has 0.1, in another 0.8. It is
 * shown questions with a passage that answers each and one that only speaks of something near it. No list of models is
 * needed, and a new one is understood on its first day.
 */
interface Example {
  question: string;
  /** Answers it, often in another language. */
  fits: string;
  /** Speaks of the same kind of thing and answers something else. */
  beside: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    question: 'Are you open on Sundays?',
    fits: 'Öffnungszeiten: Montag bis Samstag von 8 bis 18 Uhr, Sonntag von 10 bis 16 Uhr.',
    beside: 'Our house was founded in 1987 by two sisters and has stayed in the family ever since.',
  },
  {
    question: 'Wie viele Tage habe ich Zeit, etwas zurückzugeben?',
    fits: 'You can return any item within 30 days. We refund what you paid within a week.',
    beside: 'Unser Lager ist in Köln; dort arbeiten zwölf Menschen.',
  },
  {
    question: 'Combien coûte la livraison ?',
    fits: 'Der Versand kostet 4,90 €, ab 50 € liefern wir ohne Kosten.',
    beside: 'Notre boutique se trouve au centre-ville, près du théâtre.',
  },
  {
    question: '¿Puedo venir con mi perro?',
    fits: 'Dogs are welcome on the terrace and in the garden, on a lead.',
    beside: 'La terraza tiene veinte mesas y vistas al río.',
  },
  {
    question: 'Do you have a cake without gluten?',
    fits: 'Unsere Schokoladentorte ist glutenfrei.',
    beside: 'Everything is made by hand each morning in our own kitchen.',
  },
  {
    question: 'Где у вас можно припарковаться?',
    fits: 'There is a car park behind the church; you can park there for two hours.',
    beside: 'Мы пишем нашим гостям раз в месяц.',
  },
  {
    question: 'Can I pay by card?',
    fits: 'You can pay in cash, by bank card or with your phone.',
    beside: 'Every table gets fresh flowers on the day of a wedding.',
  },
  {
    question: 'Kann ich einen Termin online buchen?',
    fits: 'Appointments can be booked by phone or on our website.',
    beside: 'Unsere Räume sind im ersten Stock, mit Aufzug.',
  },
  {
    question: 'How long is the guarantee?',
    fits: 'All our bicycles come with a guarantee of five years on the frame.',
    beside: 'We repair bicycles of every make, most of them while you wait.',
  },
];
