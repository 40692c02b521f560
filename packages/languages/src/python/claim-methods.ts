/** The assertion methods of unittest, numpy and mock, by how each is made to fail. Pure. */
import { oppositesOf } from "../shared/alteration.ts";

const pairs =
  "assertEqual/assertNotEqual assertEquals/assertNotEquals assertIs/assertIsNot assertIsNone/assertIsNotNone assertIn/assertNotIn " +
  "assertIsInstance/assertNotIsInstance assertRegex/assertNotRegex assertAlmostEqual/assertNotAlmostEqual assertTrue/assertFalse " +
  "assertGreater/assertLessEqual assertLess/assertGreaterEqual assert_called/assert_not_called";
/** One direction only: the opposite is not exact, but it fails if the assertion holds. */
const oneWay =
  "assertDictEqual/assertNotEqual assertListEqual/assertNotEqual assertTupleEqual/assertNotEqual assertSetEqual/assertNotEqual " +
  "assertSequenceEqual/assertNotEqual assertMultiLineEqual/assertNotEqual assert_called_once/assert_not_called " +
  "assert_called_with/assert_not_called assert_called_once_with/assert_not_called assert_any_call/assert_not_called " +
  "assert_has_calls/assert_not_called assert_awaited/assert_not_awaited assert_awaited_once/assert_not_awaited " +
  "assert_awaited_with/assert_not_awaited assert_not_awaited/assert_awaited";

const opposites = oppositesOf(pairs, oneWay);

/** The method that fails if this one holds; undefined if there is none. */
export const pythonOpposite = (method: string): string | undefined => opposites.get(method);

/** They compare their operands for equality, so that another literal must fail. */
export const pythonEquality =
  /^(assertEquals?|assertCountEqual|assertItemsEqual|assert(Dict|List|Tuple|Set|Sequence)Equal|assertMultiLineEqual|assert_equal|assert_array_equal|assert_allclose|assert_array_almost_equal|assert_almost_equal|assert_frame_equal|assert_series_equal|assert_called_with|assert_called_once_with|assert_any_call)$/;

/** They take no arguments that their opposite can't take. */
export const withoutArguments = /^assert_(not_)?(called|awaited)$/;

/** They name what must be raised or warned. */
export const raising = /^(raises|assertRaises|assertRaisesRegex|assertRaisesRegexp)$/;
export const warning = /^(warns|assertWarns|assertWarnsRegex|deprecated_call)$/;
