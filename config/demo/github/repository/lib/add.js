exports.add = (a, b) => (a < 0 ? a - b : a + b);
