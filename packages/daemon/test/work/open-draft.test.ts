/** Which files of a repository make a pushed branch or a pull request run something. */
import { expect, it } from "vitest";
import { isPipelineFile } from "../../src/work/open-draft.ts";

it.each([
  ".github/workflows/ci.yml",
  ".github/workflows/deep/ci.yaml",
  ".GitHub/Workflows/ci.yml",
  ".circleci/config.yml",
  ".buildkite/pipeline.yml",
  ".travis.yml",
  ".gitlab-ci.yml",
  ".drone.yaml",
  "azure-pipelines.yml",
  "Jenkinsfile",
])("the file %s runs something", (path) => {
  expect(isPipelineFile(path)).toBe(true);
});

it.each([
  ".github/CODEOWNERS",
  ".github/workflows",
  "docs/.github/workflows/ci.yml",
  "src/Jenkinsfile",
  "Jenkinsfile.md",
  "src/travis.yml",
])("the file %s runs nothing", (path) => {
  expect(isPipelineFile(path)).toBe(false);
});
