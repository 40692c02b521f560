/** The most single tests that a report may have. */

/**
 * The most tests of one command in one cell. A matrix has up to five cells, and a judge reads an entry of at most 64 MiB. 65,000 results, with names of
 * 8 MiB in all (a bound of the report parser), take about 10 MiB a cell.
 */
export const reportedTestsMax = 65_000;
