// The longest first: the others are run beside its beginning, in which it needs the least of the cluster.
const longest = 'demo.test.ts';

module.exports = class {
  sort(tests) {
    const isLongest = ({ path }) => path.endsWith(longest);
    return [...tests].sort((a, b) => Number(isLongest(b)) - Number(isLongest(a)) || a.path.localeCompare(b.path));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};
