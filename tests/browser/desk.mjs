// The desk's part of the walk: accept, review, decide, hand over, each by the person whose job it is.
export async function desk() {}
