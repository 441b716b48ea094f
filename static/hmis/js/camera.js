// Client Photo: the camera under the photo viewer. The picture goes into the form's own file field;
// nothing leaves the computer before Save. Without this script, Choose File does it all.

const start = (form) => {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const field = form.querySelector("input[type=file]");
  const [saved, video, canvas] = ["saved", "video", "canvas"].map(part);
  const buttons = Object.fromEntries(
    ["start", "take", "switch", "use", "retake", "stop"].map((name) => [name, part(`camera-${name}`)]),
  );
  const status = part("camera-status");
  let stream = null;
  let turn = 0; // a camera that comes after its turn, as another one was asked for or none, is not wanted
  let wanted = { facingMode: "environment" }; // the rear lens, where there is one

  const show = (element, ...shown) => {
    for (const one of [saved, video, canvas]) one.hidden = one !== element;
    for (const [name, button] of Object.entries(buttons)) button.hidden = !shown.includes(name);
  };
  const stop = (one) => one?.getTracks().forEach((track) => track.stop());
  const end = () => {
    turn += 1;
    stop(stream);
    stream = null;
    video.srcObject = null;
  };
  const back = () => {
    end();
    show(field.files.length ? canvas : saved, "start");
    buttons.start.focus();
  };
  const refuse = (error) => {
    const isRefused = ["NotAllowedError", "SecurityError", "TypeError"].includes(error.name);
    part(isRefused ? "camera-refused" : "camera-missing").hidden = false;
    back();
  };
  const open = async () => {
    end();
    const own = turn;
    part("camera-refused").hidden = part("camera-missing").hidden = true;
    let cameras = [];
    try {
      // An address without TLS has no mediaDevices: that is a TypeError, and a refusal too.
      const opened = await navigator.mediaDevices.getUserMedia({
        video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 960 } },
        audio: false,
      });
      if (own !== turn) return stop(opened);
      stream = video.srcObject = opened;
      cameras = await navigator.mediaDevices.enumerateDevices();
      await video.play();
    } catch (error) {
      if (own === turn) refuse(error);
    }
    if (own !== turn) return;
    const hasMore = cameras.filter(({ kind }) => kind === "videoinput").length > 1;
    show(video, "take", ...(hasMore ? ["switch"] : []), "stop");
    status.textContent = "The camera is on.";
    buttons.take.focus();
  };
  // From the rear lens of a phone to the other one; elsewhere to the next camera.
  const switchCamera = async () => {
    const { facingMode, deviceId } = stream.getVideoTracks()[0].getSettings();
    const devices = await navigator.mediaDevices.enumerateDevices();
    const cameras = devices.filter(({ kind }) => kind === "videoinput");
    const next = cameras[(cameras.findIndex((one) => one.deviceId === deviceId) + 1) % cameras.length];
    wanted = facingMode
      ? { facingMode: facingMode === "environment" ? "user" : "environment" }
      : { deviceId: { exact: next.deviceId } };
    await open();
  };
  const take = () => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    end();
    show(canvas, "use", "retake", "stop");
    status.textContent = "Use this image, or Retake.";
    buttons.use.focus();
  };
  const use = () => {
    const save = form.querySelector("button[type=submit]");
    save.disabled = true; // until the picture is in the field; then Enter sends nothing either
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
      field.files = files.files;
      show(canvas, "start", "retake");
      status.textContent = "Press Save to keep this image, or Retake.";
      save.disabled = false;
      save.focus();
    }, "image/jpeg", 0.92);
  };
  const forget = () => {
    field.value = "";
    open();
  };
  const preview = async () => {
    end();
    const file = field.files[0];
    if (!file) return show(saved, "start");
    try {
      const image = await createImageBitmap(file);
      const scale = Math.min(1, 960 / Math.max(image.width, image.height));
      canvas.width = image.width * scale;
      canvas.height = image.height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      show(canvas, "start");
      status.textContent = "Press Save to keep this image.";
    } catch {
      show(saved, "start"); // HEIC, say: the server can read what this browser cannot
      status.textContent = "This browser cannot show the picture before it is saved.";
    }
    return null;
  };

  part("camera-tools").hidden = false;
  buttons.start.addEventListener("click", open);
  buttons.take.addEventListener("click", take);
  buttons.switch.addEventListener("click", switchCamera);
  buttons.use.addEventListener("click", use);
  buttons.retake.addEventListener("click", forget);
  buttons.stop.addEventListener("click", back);
  field.addEventListener("change", preview);
  window.addEventListener("pagehide", end);
  show(saved, "start");
};

document.querySelectorAll("form[data-camera]").forEach(start);
