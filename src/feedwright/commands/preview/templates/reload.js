(() => {
  const build = document.currentScript.dataset.build;
  let events = null;
  const listen = () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource("/-/events");
      events.onmessage = (event) => {
        if (event.data !== build) {
          events.close();
          location.reload();
        }
      };
    }
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();
