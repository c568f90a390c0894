"""The GraphQL queries for runs and what they logged.

They ask for no field that the W&B SDK 0.31 does not ask for as well, in the queries `Runs`, `Run`, `RunFullHistory`, `RunFiles`,
`RunOutputArtifacts`, `RunInputArtifacts`, `GetSweep` and `GetProjects` of its public API, and `HistoryPage` and `RunResumeStatus` of its
core: a server refuses a query as a whole when it does not know one of its fields.

The SDK asks for `eventsLineCount` in `RunResumeStatus`, of `model.bucket` and not of `project.run`. Both are of the type `Run`: the core's
code for that query, which is generated from W&B's schema, calls the bucket's type `…BucketRun`, and the public API's fields of
`project.run` are a fragment on `Run`. Without it nobody could tell whether all rows of system metrics came.
"""

from __future__ import annotations

_RUN = """
fragment RunFields on Run {
  id name displayName state config group jobType commit tags notes sweepName createdAt heartbeatAt summaryMetrics
  historyLineCount eventsLineCount historyKeys user { name username }
}
"""

RUNS = (
    """
query Runs($entity: String!, $project: String!, $cursor: String, $perPage: Int = 50, $order: String) {
  project(name: $project, entityName: $entity) {
    runs(after: $cursor, first: $perPage, order: $order) {
      edges { node { ...RunFields } cursor }
      pageInfo { endCursor hasNextPage }
    }
  }
}
"""
    + _RUN
)

RUN = (
    """
query Run($entity: String!, $project: String!, $name: String!) {
  project(name: $project, entityName: $entity) { run(name: $name) { ...RunFields } }
}
"""
    + _RUN
)

HISTORY = """
query HistoryPage($entity: String!, $project: String!, $name: String!, $minStep: Int64!, $maxStep: Int64!, $pageSize: Int!) {
  project(name: $project, entityName: $entity) {
    run(name: $name) { history(minStep: $minStep, maxStep: $maxStep, samples: $pageSize) }
  }
}
"""

EVENTS = """
query RunFullHistory($entity: String!, $project: String!, $name: String!, $samples: Int) {
  project(name: $project, entityName: $entity) { run(name: $name) { events(samples: $samples) } }
}
"""

FILES = """
query RunFiles($entity: String!, $project: String!, $name: String!, $cursor: String, $perPage: Int = 50) {
  project(name: $project, entityName: $entity) {
    run(name: $name) {
      files(names: [], after: $cursor, first: $perPage) {
        edges { node { name url(upload: false) directUrl sizeBytes md5 } cursor }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}
"""

_ARTIFACTS = """
query Run%(direction)sArtifacts($entity: String!, $project: String!, $name: String!, $cursor: String, $perPage: Int) {
  project(name: $project, entityName: $entity) {
    run(name: $name) {
      artifacts: %(field)s(after: $cursor, first: $perPage) {
        edges {
          node { id versionIndex digest description metadata size aliases { alias } artifactType { name } artifactSequence { name } }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}
"""
MADE = _ARTIFACTS % {"direction": "Output", "field": "outputArtifacts"}
USED = _ARTIFACTS % {"direction": "Input", "field": "inputArtifacts"}

SWEEP = """
query GetSweep($entity: String, $project: String, $name: String!) {
  project(name: $project, entityName: $entity) { sweep(sweepName: $name) { name config } }
}
"""

PROJECTS = """
query GetProjects($entity: String, $cursor: String, $perPage: Int = 50) {
  models(entityName: $entity, after: $cursor, first: $perPage) {
    edges { node { name } cursor }
    pageInfo { endCursor hasNextPage }
  }
}
"""
