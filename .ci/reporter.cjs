// Names what fails as soon as it does, and shows what else was said when all is over: a run that is cut off, or read in
// part, has still said which test it was.
const beginning = 500;

module.exports = class {
  onTestCaseResult(_test, { fullName, status, failureMessages }) {
    if (status === 'failed') console.error(`failed: ${fullName}: ${failureMessages.join(' ').slice(0, beginning)}\n`);
  }

  onTestResult(_test, { testFilePath, testExecError, perfStats }) {
    console.error(`${testFilePath}: ${Math.round((perfStats.end - perfStats.start) / 1000)} s`);
    if (testExecError) console.error(`failed: ${testFilePath}: ${testExecError.message}\n`);
  }

  onRunComplete(_contexts, { testResults }) {
    for (const { failureMessage } of testResults) if (failureMessage) console.error(failureMessage);
    for (const { console: said, failureMessage } of testResults)
      for (const { message } of (failureMessage && said) || []) console.error(message);
  }
};
