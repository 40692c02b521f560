/** GitHub's error answers as one class: a status with GitHub's words. The server turns it into the documented body. */

export interface ValidationIssue {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

export class GitHubRefusal extends Error {
  readonly status: number;
  readonly errors: readonly ValidationIssue[] | undefined;

  constructor(status: number, message: string, errors?: readonly ValidationIssue[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFoundRefusal(): GitHubRefusal {
  return new GitHubRefusal(404, "Not Found");
}

export function validationFailed(...errors: ValidationIssue[]): GitHubRefusal {
  return new GitHubRefusal(422, "Validation Failed", errors);
}
