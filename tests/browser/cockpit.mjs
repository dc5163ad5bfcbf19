export async function cockpit() {}
