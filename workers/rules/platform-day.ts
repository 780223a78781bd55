/** Hours and days in which totals are kept. */
export const HOUR_MS = 60 * 60 * 1_000;
export const DAY_MS = 24 * HOUR_MS;
/** Days of the platform are days in Asia/Shanghai, which has no summer time: most customers ask for exactly these. */
const PLATFORM_OFFSET_MS = 8 * HOUR_MS;

export const hourStart = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;
/** When the platform's day of this time began, ms UTC. */
export const platformDayStart = (at: number): number => Math.floor((at + PLATFORM_OFFSET_MS) / DAY_MS) * DAY_MS - PLATFORM_OFFSET_MS;
