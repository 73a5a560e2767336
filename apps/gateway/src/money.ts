/**
 * Money is an integer of minor units (cents) inside the suite and a decimal with at most two places at its door; here,
 * and nowhere else, one becomes the other. Both ways are exact below 10^13 cents: a double holds 15 significant digits,
 * so the nearest double of a two-place decimal, times 100, is never half a cent off.
 */
const MINOR_UNITS = 100;

export const toMinorUnits = (decimal: number): number => Math.round(decimal * MINOR_UNITS);

export const toDecimal = (minorUnits: number): number => minorUnits / MINOR_UNITS;
