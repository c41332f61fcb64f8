// The way in: the link that the server printed carries a token, which becomes a cookie that scripts cannot read.

/** Exchanges the token in the address for a cookie and takes it out of the address. */
export async function enter(): Promise<void> {
  const match = /(?:^#|&)token=([^&]+)/.exec(location.hash);
  if (match === null) return;
  const rest = location.hash.replace(/(^#|&)token=[^&]+/, "$1").replace(/^#&/, "#");
  history.replaceState(null, "", location.pathname + location.search + (rest === "#" ? "" : rest));
  const response = await fetch("session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token: match[1] }),
  });
  if (!response.ok) throw new Error("this link is not valid any more: use the one that the server printed last");
}
