// How a page talks to the service, and what it shows when the service says no. Plain modules, no build step.

export const $ = (id) => document.getElementById(id);

export class Problem extends Error {
  constructor({ detail, remedy, code }) {
    super(detail);
    this.remedy = remedy;
    this.code = code;
  }
}

export async function call(method, path, body, headers = {}) {
  const silent = { detail: "The service did not answer.", remedy: "Try again; see whether it runs.", code: "no answer" };
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { "Countenance-Page": "1", ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Problem(silent);
  }
  const answer = await response.json().catch(() => silent);
  if (!response.ok) throw new Problem(answer.code ? answer : silent);
  return answer;
}
