document.title = "app.js ran";
