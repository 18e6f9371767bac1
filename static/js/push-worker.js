// Shows what the city sends, also while none of its pages is open. It keeps nothing and answers no request of a page.
self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data.json();
  } catch {
    return; // nothing we sent
  }
  if (!message.title) return;
  event.waitUntil(
    // A second one of the same event takes the place of the first.
    self.registration.showNotification(message.title, { tag: message.tag, data: { url: message.url } }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      const page = open.find((each) => each.url === url.href);
      return page ? page.focus() : self.clients.openWindow(url.href);
    }),
  );
});
