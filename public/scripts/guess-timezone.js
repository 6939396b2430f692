// A server mostly runs on UTC; whoever sets up a business sits in its time zone. Never overwrites a choice that came back with errors.
const timezone = document.getElementById('f-timezone');
if (timezone && !document.querySelector('[aria-invalid]')) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...timezone.options].some(({ value }) => value === here)) timezone.value = here;
}
