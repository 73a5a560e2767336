/** Where something stands among all that was said live: the id of its entry in the stream, `<ms>-<number>`. */
export type Place = string;

/** From when on, in ms by Redis' clock. */
export const placeAt = (ms: number): Place => `${Math.max(0, ms)}-0`;

/** In ms by Redis' clock. */
export const timeOf = (place: Place): number => numbersOf(place)[0];

export function comparePlaces(a: Place, b: Place): number {
  const [[msA, nthA], [msB, nthB]] = [numbersOf(a), numbersOf(b)];
  return msA - msB || nthA - nthB;
}

const numbersOf = (place: Place): [ms: number, nth: number] => {
  const [ms, nth] = place.split('-').map(Number);
  return [ms, nth];
};
