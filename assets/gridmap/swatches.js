/** Where the swatches of a view begin, hot and cold ones, and how many each has. */
export const SWATCHES = {
  hot: { hot: 10, cold: 20, count: 3, names: ["gi-hot", "gi-cold"] },
  change: { hot: 50, cold: 60, count: 3, names: ["gi-hot", "gi-cold"] },
  emerging: { hot: 30, cold: 40, count: 8, names: ["hot", "cold"] },
};

export const showsSpots = (view) => view in SWATCHES;
